{{ config(materialized='view') }}

with

figures as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        version,
        measure_kind,
        value,
        numerator,
        denominator,
        denominator_year,
        n,
        n_effective,
        ci_low,
        ci_high,
        hits_count,
        contributors,
        value_state,
        expected_days,
        covered_days
    from {{ ref('int_measured_figure') }}

    union all

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        version,
        measure_kind,
        value,
        numerator,
        denominator,
        denominator_year,
        n,
        n_effective,
        ci_low,
        ci_high,
        hits_count,
        contributors,
        value_state,
        expected_days,
        covered_days
    from {{ ref('int_rate_figure') }}

)

select * from figures
