{{ config(materialized='view') }}

with

rows_of_the_spine as (

    -- an area exists in the years that overlap its own validity, cut to it
    select
        expected_year.agreement_id,
        expected_year.indicator_id,
        expected_area.area_id,
        expected_year.year_kind,
        expected_year.year,
        expected_year.version,
        expected_year.year_label,
        greatest(expected_year.period_start, coalesce(area.valid_from, expected_year.period_start)) as period_start,
        least(expected_year.period_end, coalesce(area.valid_to, expected_year.period_end)) as period_end,
        expected_year.period_start as year_start,
        expected_year.period_end as year_end,
        expected_year.cadence,
        expected_year.is_partial_year,
        expected_year.is_in_cadence,
        expected_year.is_in_cadence and expected_area.is_not_measured as is_not_measured,
        expected_year.due_on,
        expected_year.instrument,
        expected_year.is_series_break,
        expected_year.cumulative_start
    from {{ source('agreement', 'expected_year') }} as expected_year
    inner join {{ source('agreement', 'expected_area') }} as expected_area
        on expected_year.agreement_id = expected_area.agreement_id
        and expected_year.indicator_id = expected_area.indicator_id
        and expected_year.version = expected_area.version
    inner join {{ source('agreement', 'area') }} as area
        on expected_area.area_id = area.area_id

),

final as (

    select
        spine.* exclude (is_partial_year),
        measure.figure_type = 'flow'
        and (
            spine.is_partial_year
            or spine.period_start <> spine.year_start
            or spine.period_end <> spine.year_end
        ) as is_partial_year,
        indicator.measure_id,
        indicator.published_measure_id,
        measure.measure_kind,
        measure.figure_type,
        measure.source_id,
        measure.dataset,
        measure.contributors_kind
    from rows_of_the_spine as spine
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on spine.agreement_id = indicator.agreement_id
        and spine.indicator_id = indicator.indicator_id
        and spine.version = indicator.version
    inner join {{ source('agreement', 'measure') }} as measure
        on indicator.measure_id = measure.measure_id
    where spine.period_start <= spine.period_end

)

select * from final
