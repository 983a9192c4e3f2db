with

measured as (

    select
        expected.agreement_id,
        expected.indicator_id,
        expected.area_id,
        expected.year_kind,
        expected.year,
        contribution.source_id,
        contribution.delivered_on,
        contribution.file_name,
        contribution.file_id,
        count(*) as rows_count
    from {{ source('agreement', 'expected_figure') }} as expected
    inner join {{ ref('int_contribution') }} as contribution
        on expected.agreement_id = contribution.agreement_id
        and expected.indicator_id = contribution.indicator_id
        and expected.area_id = contribution.area_id
        and contribution.occurred_on between expected.period_start and expected.period_end
    group by all

),

published as (

    select
        expected.agreement_id,
        expected.indicator_id,
        expected.area_id,
        expected.year_kind,
        expected.year,
        cell.source_id,
        cell.delivered_on,
        cell.file_name,
        cell.file_id,
        count(*) as rows_count
    from {{ source('agreement', 'expected_figure') }} as expected
    inner join {{ ref('int_published_cell') }} as cell
        on expected.agreement_id = cell.agreement_id
        and expected.indicator_id = cell.indicator_id
        and expected.year = cell.year
        and (expected.area_id = cell.area_id or expected.area_id = '{{ var("all_areas_id") }}')
    group by all

),

covering as (

    -- files in force for a part of the year from which no row counts: what a real zero rests on
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        period.source_id,
        period.delivered_on,
        period.file_name,
        period.file_id,
        0 as rows_count
    from {{ ref('int_figure') }} as figure
    inner join {{ source('agreement', 'indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    inner join {{ source('ledger', 'delivery_period') }} as period
        on indicator.source_id = period.source_id
        and coalesce(indicator.dataset, '') = period.dataset
        and period.period_start <= figure.period_end
        and least(period.period_end, period.delivered_on) >= figure.period_start
    where
        figure.figure_type = 'flow'
        and figure.value is not null
        and not exists (
            select 1
            from {{ source('ledger', 'delivery_period') }} as later
            where
                later.source_id = period.source_id
                and later.dataset = period.dataset
                and later.delivered_on > period.delivered_on
                and later.period_start <= greatest(period.period_start, figure.period_start)
                and later.period_end >= least(period.period_end, figure.period_end)
        )

),

all_sources as (

    select * from measured

    union all

    select * from published

    union all

    select * from covering

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        source_id,
        delivered_on,
        file_name,
        file_id,
        cast(sum(rows_count) as bigint) as rows_count
    from all_sources
    group by all

)

select * from final
