with

final as (

    select
        comparison.*,
        indicator.name as indicator_name,
        area.name as area_name,
        cast(comparison.year as varchar) as year_label,
        comparison.published_source_id as source_id
    from {{ ref('figure_comparison_full') }} as comparison
    inner join {{ source('agreement', 'indicator') }} as indicator
        on comparison.agreement_id = indicator.agreement_id
        and comparison.indicator_id = indicator.indicator_id
    inner join {{ source('agreement', 'area') }} as area
        on comparison.area_id = area.area_id

)

select * from final
