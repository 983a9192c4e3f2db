with

final as (

    select
        area_id,
        name as area_name,
        area_level,
        municipality_code,
        sort_order
    from {{ source('disclosed', 'area') }}

)

select * from final
