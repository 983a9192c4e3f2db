with

final as (

    select
        source.agreement_id,
        source.indicator_id,
        source.area_id,
        source.year_kind,
        source.year,
        source.source_id,
        source.delivered_on,
        source.file_name,
        source.file_id,
        source.rows_count,
        publication.publication_id
    from {{ source('disclosed', 'figure_source') }} as source
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
