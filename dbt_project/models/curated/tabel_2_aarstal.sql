with

final as (

    select
        indicator.agreement_id,
        indicator.sort_order as raekkefoelge,
        indicator.indicator_name as indikator,
        area.sort_order as omraade_raekkefoelge,
        area.area_name as omraade,
        figure.year_kind as aarstype,
        figure.year_label as aar,
        figure.value as vaerdi,
        figure.unit as enhed,
        {{ label_da('figure.value_state', 'value_state') }} as tilstand,
        figure.is_partial_year as del_af_aar,
        figure.flag_count as antal_forbehold,
        figure.indicator_id,
        figure.area_id,
        figure.year
    from {{ ref('indicator_by_area_year') }} as figure
    inner join {{ ref('dim_indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    inner join {{ ref('dim_area') }} as area
        on figure.area_id = area.area_id
    where indicator.figure_type = 'flow'

)

select * from final
