with

years as (

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

    union

    -- what a target for the whole agreement is judged by: everything from its first day
    select distinct
        expected.agreement_id,
        indicator.measure_id,
        expected.cumulative_start as period_start,
        expected.period_end
    from {{ source('agreement', 'expected_year') }} as expected
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on expected.agreement_id = indicator.agreement_id
        and expected.indicator_id = indicator.indicator_id
        and expected.version = indicator.version
    where expected.cumulative_start is not null

    union

    -- what two kinds of years give away together
    select
        agreement_id,
        measure_id,
        stretch_start as period_start,
        stretch_end as period_end
    from {{ ref('int_year_stretch') }}

),

final as (

    select
        agreement_id,
        measure_id,
        period_start,
        period_end,
        cast(dense_rank() over (order by period_start, period_end) as integer) as period_number
    from years

)

select * from final
