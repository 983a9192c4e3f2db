with

counted as (

    -- what the records give for each expected figure, whatever its state turns out to be
    select
        expected.agreement_id,
        expected.indicator_id,
        expected.area_id,
        expected.year_kind,
        expected.year,
        count(contribution.record_id) as records_count,
        count(distinct contribution.person_key) as persons_count,
        count(distinct coalesce(contribution.person_key, contribution.record_id)) as contributors,
        cast(count(contribution.record_id) filter (where contribution.is_hit) as bigint) as hits_count,
        {{ ordered_sum('contribution.weight', 'contribution.record_id') }} as weight_sum,
        {{ ordered_sum('case when contribution.is_hit then contribution.weight end', 'contribution.record_id') }}
            as hit_weight_sum,
        {{ ordered_sum('contribution.weight * contribution.weight', 'contribution.record_id') }} as weight_square_sum
    from {{ source('agreement', 'expected_figure') }} as expected
    inner join {{ ref('int_contribution') }} as contribution
        on expected.agreement_id = contribution.agreement_id
        and expected.indicator_id = contribution.indicator_id
        and expected.area_id = contribution.area_id
        and contribution.occurred_on between expected.period_start and expected.period_end
    group by all

)

select * from counted
