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
        source.row_numbers,
        source.first_row_number,
        source.last_row_number,
        source.is_in_force,
        source.superseded_on,
        source.rows_quarantined,
        source.quarantine_reasons,
        publication.publication_id
    from {{ source('disclosed', 'figure_source') }} as source
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
