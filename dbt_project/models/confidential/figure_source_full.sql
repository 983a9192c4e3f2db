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

final as (

    select * from measured

    union all

    select * from published

)

select * from final
