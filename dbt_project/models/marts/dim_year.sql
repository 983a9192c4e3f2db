with

final as (

    select distinct
        year_key,
        year_kind,
        year,
        year_label
    from {{ source('disclosed', 'figure') }}

)

select * from final
