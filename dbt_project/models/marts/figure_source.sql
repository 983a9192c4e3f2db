with

final as (

    -- how many rows stand behind a suppressed figure would give it away
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
        case when figure.value_state <> 'suppressed' then source.rows_count end as rows_count,
        publication.publication_id
    from {{ source('disclosed', 'figure_source') }} as source
    inner join {{ source('disclosed', 'figure') }} as figure
        on source.agreement_id = figure.agreement_id
        and source.indicator_id = figure.indicator_id
        and source.area_id = figure.area_id
        and source.year_kind = figure.year_kind
        and source.year = figure.year
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
