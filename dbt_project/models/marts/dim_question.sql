with

final as (

    select
        source_id,
        delivered_on,
        file_name,
        column_name,
        heading,
        wording,
        answers
    from {{ source('disclosed', 'question') }}

)

select * from final
