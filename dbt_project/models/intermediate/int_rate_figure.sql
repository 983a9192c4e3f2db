{{ config(materialized='view') }}

with

expected as (

    select
        spine.*,
        measure.numerator_id,
        measure.denominator_id,
        measure.per
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ source('agreement', 'measure') }} as measure
        on spine.measure_id = measure.measure_id
    where spine.measure_kind = 'rate'

),

joined as (

    -- those counted over a year, per those who lived there in the calendar year in which it ends
    select
        expected.*,
        numerator.value_state as numerator_state,
        numerator.value as numerator,
        numerator.contributors,
        numerator.expected_days,
        numerator.covered_days,
        denominator.value as denominator,
        denominator.year as denominator_year
    from expected
    left join {{ ref('int_kept_figure') }} as numerator
        on expected.agreement_id = numerator.agreement_id
        and expected.numerator_id = numerator.indicator_id
        and expected.area_id = numerator.area_id
        and expected.year_kind = numerator.year_kind
        and expected.year = numerator.year
    left join {{ ref('int_kept_figure') }} as denominator
        on expected.agreement_id = denominator.agreement_id
        and expected.denominator_id = denominator.indicator_id
        and expected.area_id = denominator.area_id
        and denominator.year_kind = 'calendar'
        and denominator.year = extract('year' from expected.period_end)
        and denominator.value_state = 'observed'

),

with_state as (

    select
        joined.*,
        case
            when is_not_measured then 'not_measured'
            when not is_in_cadence then 'not_due'
            when numerator_state not in ('observed', 'incomplete') then numerator_state
            when coalesce(denominator, 0) = 0 and {{ as_of() }} <= due_on then 'not_due'
            when coalesce(denominator, 0) = 0 or numerator_state is null then 'missing'
            else numerator_state
        end as value_state
    from joined

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        version,
        measure_kind,
        expected_days,
        covered_days,
        case when value_state in ('observed', 'incomplete') then per * numerator / denominator end as value,
        case when value_state in ('observed', 'incomplete') then numerator end as numerator,
        case when value_state in ('observed', 'incomplete') then denominator end as denominator,
        case when value_state in ('observed', 'incomplete') then denominator_year end as denominator_year,
        cast(null as bigint) as n,
        cast(null as double) as n_effective,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as bigint) as hits_count,
        case when value_state in ('observed', 'incomplete') then contributors end as contributors,
        value_state
    from with_state

)

select * from final
