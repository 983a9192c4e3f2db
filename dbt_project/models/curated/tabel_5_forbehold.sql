with

final as (

    select
        flag.agreement_id,
        case flag.severity when 'blocks' then 1 when 'warns' then 2 else 3 end as raekkefoelge,
        {{ label_da('flag.severity', 'severity') }} as alvor,
        {{ label_da('flag.flag_code', 'flag_title') }} as overskrift,
        coalesce(indicator.indicator_name, source.source_name, flag.source_id) as vedroerer,
        area.area_name as omraade,
        flag.year_kind as aarstype,
        year.year_label as aar,
        flag.file_name as fil,
        flag.message as besked,
        {{ label_da('flag.flag_code', 'flag_remedy') }} as hvad_goeres,
        case
            when {{ label_da('flag.flag_code', 'flag_fixed_by') }} = 'partner'
                then coalesce(source.owner, source_of_indicator.owner, {{ label_da("'partner'", 'fixed_by') }})
            else
                (
                    select who.label_da
                    from {{ source('disclosed', 'label') }} as who
                    where
                        who.list_name = 'fixed_by'
                        and who.value = {{ label_da('flag.flag_code', 'flag_fixed_by') }}
                )
        end as ansvarlig,
        flag.first_seen as foerst_set,
        flag.acknowledged_until as accepteret_til,
        flag.acknowledged_by as accepteret_af,
        flag.acknowledged_reason as accepteret_fordi,
        flag.flag_code,
        flag.indicator_id,
        flag.area_id,
        flag.year
    from {{ ref('flag') }} as flag
    left join {{ ref('dim_indicator') }} as indicator
        on flag.agreement_id = indicator.agreement_id
        and flag.indicator_id = indicator.indicator_id
    left join {{ ref('dim_area') }} as area
        on flag.area_id = area.area_id
    left join {{ ref('dim_year') }} as year
        on flag.year_kind = year.year_kind
        and flag.year = year.year
    left join {{ ref('dim_source') }} as source
        on flag.source_id = source.source_id
    left join {{ ref('dim_source') }} as source_of_indicator
        on indicator.source_id = source_of_indicator.source_id

)

select * from final
