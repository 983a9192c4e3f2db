with

final as (

    select
        agreement_id,
        indicator_id,
        indicator_name,
        area_id,
        area_name,
        year_kind,
        year,
        year_label,
        source_id,
        baseline_value,
        value,
        abs(value - baseline_value) as distance
    from {{ ref('check_figure') }}
    where
        value_state = 'observed'
        and year_kind = 'calendar'
        and year = baseline_year
        and baseline_value is not null

)

select * from final
