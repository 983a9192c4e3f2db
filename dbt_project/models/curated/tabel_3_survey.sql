with

final as (

    select
        indicator.agreement_id,
        indicator.sort_order as raekkefoelge,
        indicator.indicator_name as indikator,
        area.sort_order as omraade_raekkefoelge,
        area.area_name as omraade,
        figure.year_label as aar,
        figure.value as andel_pct,
        figure.ci_low as nedre_graense_pct,
        figure.ci_high as oevre_graense_pct,
        figure.n as antal_svar,
        figure.baseline_value as baseline_pct,
        figure.baseline_year as baseline_aar,
        {{ label_da('figure.baseline_trend', 'baseline_trend') }} as udvikling,
        {{ label_da('figure.value_state', 'value_state') }} as tilstand,
        exists (
            select 1
            from {{ ref('flag') }} as flag
            where
                flag.flag_code = 'series_break'
                and flag.agreement_id = figure.agreement_id
                and flag.indicator_id = figure.indicator_id
                and flag.area_id = figure.area_id
                and flag.year = figure.year
        ) as serie_brud,
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
    where indicator.figure_type = 'share' and figure.value_state <> 'not_due'

)

select * from final
