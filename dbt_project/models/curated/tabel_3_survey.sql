with

figures as (

    {{ curated_figures(['share']) }}

),

final as (

    select
        agreement_id,
        raekkefoelge,
        delmaal,
        indikator,
        omraade_raekkefoelge,
        omraade,
        year_kind as aarstype,
        year_label as aar,
        value as andel_pct,
        ci_low as nedre_graense_pct,
        ci_high as oevre_graense_pct,
        n as antal_svar,
        baseline_value as baseline_pct,
        baseline_year as baseline_aar,
        {{ label_da('baseline_trend', 'baseline_trend') }} as udvikling,
        target_value as maal,
        unit as enhed,
        tilstand,
        serie_brud,
        flag_count as antal_forbehold,
        indicator_id,
        area_id,
        year
    from figures
    where value_state <> 'not_due'

)

select * from final
