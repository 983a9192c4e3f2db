with

final as (

    select
        flag.flag_code,
        flag.severity,
        flag.agreement_id,
        flag.indicator_id,
        flag.area_id,
        flag.year_kind,
        flag.year,
        flag.source_id,
        flag.file_name,
        flag.detail,
        flag.message,
        flag.observed,
        flag.expected,
        flag.first_seen,
        publication.publication_id,
        flag.acknowledged_until,
        flag.acknowledged_by,
        flag.acknowledged_reason
    from {{ source('disclosed', 'flag') }} as flag
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
