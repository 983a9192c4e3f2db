with

final as (

    select
        flag.agreement_id,
        case flag.severity when 'blocks' then 1 when 'warns' then 2 else 3 end as raekkefoelge,
        {{ label_da('flag.severity', 'severity') }} as alvor,
        coalesce(indicator.indicator_name, source.source_name, flag.source_id) as vedroerer,
        flag.message as besked,
        flag.first_seen as foerst_set,
        flag.flag_code
    from {{ ref('flag') }} as flag
    left join {{ ref('dim_indicator') }} as indicator
        on flag.agreement_id = indicator.agreement_id
        and flag.indicator_id = indicator.indicator_id
    left join {{ ref('dim_source') }} as source
        on flag.source_id = source.source_id

)

select * from final
