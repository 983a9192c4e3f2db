with

expected as (

    select * from {{ source('agreement', 'expected_figure') }}

),

expected_periods as (

    select distinct
        indicator.source_id,
        coalesce(indicator.dataset, '') as dataset,
        expected.period_start,
        expected.period_end
    from expected
    inner join {{ source('agreement', 'indicator') }} as indicator
        on expected.agreement_id = indicator.agreement_id
        and expected.indicator_id = indicator.indicator_id

),

covered_days as (

    -- a file cannot cover the days after it was delivered
    select distinct
        source_id,
        dataset,
        cast({{ days_between('period_start', 'least(period_end, delivered_on)') }} as date) as covered_on
    from {{ source('ledger', 'delivery_period') }}
    where period_start <= delivered_on

),

counted as (

    select
        expected_periods.source_id,
        expected_periods.dataset,
        expected_periods.period_start,
        expected_periods.period_end,
        greatest(
            0,
            date_diff(
                'day',
                expected_periods.period_start,
                least(expected_periods.period_end, {{ as_of() }})
            ) + 1
        ) as expected_days,
        count(covered_days.covered_on) as covered_days
    from expected_periods
    left join covered_days
        on expected_periods.source_id = covered_days.source_id
        and expected_periods.dataset = covered_days.dataset
        and covered_days.covered_on between expected_periods.period_start
        and least(expected_periods.period_end, {{ as_of() }})
    group by all

)

select * from counted
