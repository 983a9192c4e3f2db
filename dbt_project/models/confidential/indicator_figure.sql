with

figures as (

    select * from {{ ref('int_figure') }}

),

indicators as (

    select * from {{ source('agreement', 'indicator') }}

),

with_promise as (

    select
        figures.*,
        indicators.unit,
        indicators.better,
        indicators.definition_version,
        case when indicators.baseline_area_id = figures.area_id then indicators.baseline_value end as baseline_value,
        case when indicators.baseline_area_id = figures.area_id then indicators.baseline_year end as baseline_year,
        case
            when indicators.target_area_id = figures.area_id and indicators.target_year_kind = figures.year_kind
                then indicators.target_value
        end as target_value,
        indicators.target_pacing
    from figures
    inner join indicators
        on figures.agreement_id = indicators.agreement_id
        and figures.indicator_id = indicators.indicator_id

),

baseline_instruments as (

    select distinct
        agreement_id,
        indicator_id,
        year as baseline_year,
        instrument as baseline_instrument
    from figures
    where instrument is not null

),

compared as (

    select
        with_promise.*,
        baseline_instruments.baseline_instrument,
        -- the share of the year that has passed by as-of, both ends included
        cast(with_promise.expected_days as double)
        / (date_diff('day', with_promise.period_start, with_promise.period_end) + 1) as elapsed_share,
        -- which way is up: 1 where a higher figure is better, -1 where a lower one is
        case when with_promise.better = 'lower' then -1 else 1 end as direction
    from with_promise
    left join baseline_instruments
        on with_promise.agreement_id = baseline_instruments.agreement_id
        and with_promise.indicator_id = baseline_instruments.indicator_id
        and with_promise.baseline_year = baseline_instruments.baseline_year

),

judged as (

    select
        compared.*,
        case
            when target_value is null then 'no_target'
            when value_state <> 'observed' or (is_closed and is_partial_year) then 'not_assessable'
            when is_closed and direction * value >= direction * target_value then 'reached'
            when is_closed then 'missed'
            when target_pacing <> 'linear' then 'not_assessable'
            when direction * value >= direction * target_value * elapsed_share then 'on_track'
            else 'behind'
        end as target_status,
        case
            when baseline_value is null then 'no_baseline'
            when value_state <> 'observed' or coalesce(instrument <> baseline_instrument, false) then 'not_comparable'
            -- the agreement's baseline is a point without n: the figure's own interval decides
            when ci_low is null then 'not_comparable'
            when baseline_value between ci_low and ci_high then 'no_clear_change'
            when direction * value > direction * baseline_value then 'better'
            else 'worse'
        end as baseline_trend
    from compared

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        year_label,
        year_kind || '-' || cast(year as varchar) as year_key,
        is_partial_year,
        value,
        unit,
        numerator,
        denominator,
        n,
        n_effective,
        ci_low,
        ci_high,
        value_state,
        baseline_value,
        baseline_year,
        baseline_trend,
        target_value,
        target_status,
        definition_version,
        period_start,
        period_end,
        is_closed,
        due_on,
        expected_days,
        covered_days,
        figure_type,
        instrument,
        is_series_break,
        hits_count,
        contributors
    from judged

)

select * from final
