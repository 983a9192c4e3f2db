with

expected as (

    select
        expected.*,
        indicator.measure_kind,
        indicator.figure_type,
        indicator.contributors_kind,
        coverage.expected_days,
        coverage.covered_days
    from {{ source('agreement', 'expected_figure') }} as expected
    inner join {{ source('agreement', 'indicator') }} as indicator
        on expected.agreement_id = indicator.agreement_id
        and expected.indicator_id = indicator.indicator_id
    inner join {{ ref('int_coverage') }} as coverage
        on indicator.source_id = coverage.source_id
        and coalesce(indicator.dataset, '') = coverage.dataset
        and expected.period_start = coverage.period_start
        and expected.period_end = coverage.period_end

),

joined as (

    select
        expected.*,
        published.value as published_value,
        coalesce(measured.records_count, 0) as records_count,
        coalesce(measured.persons_count, 0) as persons_count,
        coalesce(measured.contributors, 0) as records_contributors,
        coalesce(measured.hits_count, 0) as hits,
        measured.weight_sum,
        coalesce(measured.hit_weight_sum, 0) as hit_weight_sum,
        measured.weight_square_sum
    from expected
    left join {{ ref('int_measured') }} as measured
        on expected.agreement_id = measured.agreement_id
        and expected.indicator_id = measured.indicator_id
        and expected.area_id = measured.area_id
        and expected.year_kind = measured.year_kind
        and expected.year = measured.year
    left join {{ ref('int_published') }} as published
        on expected.agreement_id = published.agreement_id
        and expected.indicator_id = published.indicator_id
        and expected.area_id = published.area_id
        and expected.year = published.year

),

with_state as (

    -- the first that holds, as vocabulary.states.ValueState lists them
    select
        joined.*,
        case
            when is_not_measured then 'not_measured'
            when not is_in_cadence then 'not_due'
            when measure_kind = 'published_value' and published_value is null then 'missing'
            when measure_kind = 'published_value' then 'observed'
            when covered_days = 0 and {{ as_of() }} <= due_on then 'not_due'
            when covered_days = 0 then 'missing'
            -- a wave that was delivered without an answer from the area
            when figure_type = 'share' and coalesce(weight_sum, 0) = 0 then 'missing'
            when figure_type = 'flow' and covered_days < expected_days then 'incomplete'
            else 'observed'
        end as value_state
    from joined

),

with_parts as (

    select
        with_state.*,
        value_state in ('observed', 'incomplete') as has_value,
        value_state in ('observed', 'incomplete') and figure_type = 'share' as is_share,
        hit_weight_sum / nullif(weight_sum, 0) as share,
        weight_sum * weight_sum / nullif(weight_square_sum, 0) as kish_n
    from with_state

),

with_value as (

    select
        with_parts.*,
        case
            when not has_value then null
            when measure_kind = 'published_value' then published_value
            when measure_kind = 'count_records' then cast(records_count as double)
            when measure_kind = 'distinct_persons' then cast(persons_count as double)
            when measure_kind = 'weighted_share' then 100 * share
        end as value,
        case
            when not has_value then null
            when measure_kind = 'count_records' then cast(records_count as double)
            when measure_kind = 'distinct_persons' then cast(persons_count as double)
            when measure_kind = 'weighted_share' then hit_weight_sum
        end as numerator,
        case when is_share then weight_sum end as denominator,
        case when is_share then records_count end as n,
        case when is_share then kish_n end as n_effective,
        case when is_share then 100 * {{ wilson('share', 'kish_n', 'low') }} end as ci_low,
        case when is_share then 100 * {{ wilson('share', 'kish_n', 'high') }} end as ci_high,
        case when is_share then hits end as hits_count,
        case
            when not has_value or measure_kind = 'published_value' or contributors_kind = 'none' then null
            else records_contributors
        end as contributors
    from with_parts

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        year_label,
        period_start,
        period_end,
        is_partial_year,
        {{ as_of() }} > period_end as is_closed,
        figure_type,
        measure_kind,
        instrument,
        is_series_break,
        due_on,
        expected_days,
        covered_days,
        value,
        numerator,
        denominator,
        n,
        n_effective,
        ci_low,
        ci_high,
        hits_count,
        contributors,
        value_state
    from with_value

)

select * from final
