with

expected as (

    select *
    from {{ ref('int_expected_figure') }}
    where cumulative_start is not null and source_id is not null

),

final as (

    -- what has been reached from the agreement's first day to the end of each year, where all of it is delivered
    select
        expected.agreement_id,
        expected.indicator_id,
        expected.area_id,
        expected.year_kind,
        expected.year,
        case
            -- of records that are past, only what was published when the year had ended
            when expired.source_id is not null and last_figure.is_closed then last_figure.cumulative_value
            when expired.source_id is not null then null
            when coverage.covered_days < coverage.expected_days then null
            when expected.measure_kind = 'count_records' then cast(coalesce(measured.records_count, 0) as double)
            when expected.measure_kind = 'distinct_persons' then cast(coalesce(measured.persons_count, 0) as double)
            when expected.measure_kind = 'sum' then coalesce(measured.amount, 0)
        end as cumulative_value,
        coverage.expected_days as elapsed_days
    from expected
    inner join {{ ref('int_coverage') }} as coverage
        on expected.source_id = coverage.source_id
        and expected.dataset = coverage.dataset
        and expected.cumulative_start = coverage.period_start
        and expected.period_end = coverage.period_end
        and coverage.scope_area_id = ''
    left join {{ source('ledger', 'expiry') }} as expired
        on expected.source_id = expired.source_id
        and expected.cumulative_start < expired.expired_before
    left join {{ source('journal', 'last_figure') }} as last_figure
        on expected.agreement_id = last_figure.agreement_id
        and expected.indicator_id = last_figure.indicator_id
        and expected.area_id = last_figure.area_id
        and expected.year_kind = last_figure.year_kind
        and expected.year = last_figure.year
    left join {{ ref('int_measured') }} as measured
        on expected.agreement_id = measured.agreement_id
        and expected.measure_id = measured.measure_id
        and expected.area_id = measured.area_id
        and expected.cumulative_start = measured.period_start
        and expected.year_end = measured.period_end

)

select * from final
