with

final as (

    select
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        year.year_label,
        figure.year_key,
        figure.is_partial_year,
        figure.value,
        indicator.unit,
        figure.numerator,
        figure.denominator,
        figure.n,
        figure.n_effective,
        figure.ci_low,
        figure.ci_high,
        figure.value_state,
        figure.baseline_value,
        figure.baseline_year,
        figure.baseline_trend,
        figure.target_value,
        figure.target_status,
        figure.flag_count,
        figure.worst_severity,
        figure.definition_version,
        figure.publication_id
    from {{ ref('fct_figure') }} as figure
    inner join {{ ref('dim_year') }} as year
        on figure.year_key = year.year_key
    inner join {{ ref('dim_indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id

)

select * from final
