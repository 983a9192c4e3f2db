with

figures as (

    {{ curated_figures(['flow']) }}

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
        value as vaerdi,
        unit as enhed,
        target_value as maal,
        tilstand,
        is_partial_year as del_af_aar,
        serie_brud,
        flag_count as antal_forbehold,
        indicator_id,
        area_id,
        year
    from figures

)

select * from final
