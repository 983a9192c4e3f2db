with

final as (

    select
        comparison.agreement_id,
        comparison.indicator_id,
        comparison.area_id,
        comparison.year_kind,
        comparison.year,
        comparison.value,
        comparison.ci_low,
        comparison.ci_high,
        comparison.published_value,
        comparison.difference,
        comparison.is_disagreement,
        comparison.published_source_id,
        publication.publication_id
    from {{ source('disclosed', 'figure_comparison') }} as comparison
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
