with

final as (

    select
        area_id,
        name as area_name,
        area_level,
        municipality_code,
        valid_from,
        valid_to,
        predecessors,
        sort_order
    from {{ source('disclosed', 'area') }}

)

select * from final
