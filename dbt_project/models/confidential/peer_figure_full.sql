with

final as (

    -- every region of a published table, so that our own can be seen beside its peers
    select distinct
        indicator.agreement_id,
        indicator.indicator_id,
        published.region,
        published.area_id,
        published.year,
        published.value
    from {{ ref('int_published') }} as published
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on published.measure_id = indicator.measure_id
    inner join {{ source('agreement', 'agreement') }} as agreement
        on indicator.agreement_id = agreement.agreement_id
        and indicator.version = agreement.last_version
    where published.region is not null

)

select * from final
