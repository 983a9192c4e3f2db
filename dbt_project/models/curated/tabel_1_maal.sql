with

figures as (

    {{ curated_figures(['flow', 'stock', 'share']) }}

),

promised as (

    -- the areas that a target or baseline names; where an indicator of a goal has neither, all areas together
    select distinct
        agreement_id,
        indicator_id,
        area_id
    from figures
    where target_value is not null or baseline_value is not null

    union

    select
        agreement_id,
        indicator_id,
        '{{ var("all_areas_id") }}' as area_id
    from figures
    group by agreement_id, indicator_id
    having count(target_value) = 0 and count(baseline_value) = 0

),

due as (

    select
        figures.*,
        fact.cumulative_value,
        indicator.target_basis
    from figures
    inner join promised
        on figures.agreement_id = promised.agreement_id
        and figures.indicator_id = promised.indicator_id
        and figures.area_id = promised.area_id
    inner join {{ ref('fct_figure') }} as fact
        on figures.agreement_id = fact.agreement_id
        and figures.indicator_id = fact.indicator_id
        and figures.area_id = fact.area_id
        and figures.year_kind = fact.year_kind
        and figures.year = fact.year
    inner join {{ ref('dim_indicator') }} as indicator
        on figures.agreement_id = indicator.agreement_id
        and figures.indicator_id = indicator.indicator_id
    where figures.delmaal is not null and figures.value_state <> 'not_due'

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
        value as resultat,
        unit as enhed,
        cumulative_value as naaet_i_alt,
        lag(year_label) over years as forrige_aar,
        lag(value) over years as forrige_resultat,
        lag(tilstand) over years as forrige_tilstand,
        baseline_value as baseline,
        baseline_year as baseline_aar,
        case when baseline_value is not null then {{ label_da('baseline_trend', 'baseline_trend') }} end as udvikling,
        target_value as maal,
        case when target_value is not null then target_basis end as maal_gaelder,
        {{ label_da('target_status', 'target_status') }} as status,
        tilstand,
        is_partial_year as del_af_aar,
        flag_count as antal_forbehold,
        indicator_id,
        area_id,
        year
    from due
    window years as (
        partition by agreement_id, indicator_id, area_id, year_kind
        order by year
    )

)

select * from final
