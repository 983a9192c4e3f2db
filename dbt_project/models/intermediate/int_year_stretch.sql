{{ config(materialized='view') }}

with

years as (

    -- only what is counted over time has parts, and only what persons stand behind has to be protected
    select distinct
        expected.agreement_id,
        indicator.measure_id,
        expected.period_start,
        expected.period_end
    from {{ source('agreement', 'expected_year') }} as expected
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on expected.agreement_id = indicator.agreement_id
        and expected.indicator_id = indicator.indicator_id
        and expected.version = indicator.version
    inner join {{ source('agreement', 'measure') }} as measure
        on indicator.measure_id = measure.measure_id
    where
        measure.figure_type = 'flow'
        and measure.contributors_kind = 'persons'
        and measure.measure_kind in ('count_records', 'distinct_persons', 'sum')

),

boundaries as (

    select
        agreement_id,
        measure_id,
        period_start as starts_on
    from years

    union

    select
        agreement_id,
        measure_id,
        period_end + 1 as starts_on
    from years

),

between_boundaries as (

    select
        agreement_id,
        measure_id,
        starts_on as stretch_start,
        lead(starts_on) over (partition by agreement_id, measure_id order by starts_on) - 1 as stretch_end
    from boundaries

),

final as (

    -- a stretch that no year covers lies between years and is part of no figure
    select distinct
        between_boundaries.agreement_id,
        between_boundaries.measure_id,
        between_boundaries.stretch_start,
        between_boundaries.stretch_end
    from between_boundaries
    inner join years
        on between_boundaries.agreement_id = years.agreement_id
        and between_boundaries.measure_id = years.measure_id
        and between_boundaries.stretch_start >= years.period_start
        and between_boundaries.stretch_end <= years.period_end

)

select * from final
