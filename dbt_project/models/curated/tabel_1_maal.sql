with

figures as (

    select
        figure.*,
        fact.cumulative_value
    from {{ ref('indicator_by_area_year') }} as figure
    inner join {{ ref('fct_figure') }} as fact
        on figure.agreement_id = fact.agreement_id
        and figure.indicator_id = fact.indicator_id
        and figure.area_id = fact.area_id
        and figure.year_kind = fact.year_kind
        and figure.year = fact.year
    where figure.target_value is not null and figure.value_state <> 'not_due'

),

final as (

    select
        indicator.agreement_id,
        indicator.sort_order as raekkefoelge,
        indicator.goal_name as delmaal,
        indicator.indicator_name as indikator,
        figures.year_label as aar,
        figures.value as resultat,
        figures.cumulative_value as naaet_i_alt,
        figures.target_value as maal,
        {{ label_da('figures.target_status', 'target_status') }} as status,
        {{ label_da('figures.value_state', 'value_state') }} as tilstand,
        figures.flag_count as antal_forbehold,
        figures.indicator_id,
        figures.year
    from figures
    inner join {{ ref('dim_indicator') }} as indicator
        on figures.agreement_id = indicator.agreement_id
        and figures.indicator_id = indicator.indicator_id

)

select * from final
