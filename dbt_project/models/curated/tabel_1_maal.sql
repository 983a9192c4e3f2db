with

figures as (

    select * from {{ ref('indicator_by_area_year') }}
    where target_value is not null and value_state <> 'not_due'

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
