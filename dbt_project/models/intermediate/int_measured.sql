{{ config(materialized='view') }}

with

by_period as (

    select
        agreement_id,
        measure_id,
        area_id,
        period_number,
        period_start,
        period_end,
        cast(sum(records_count) as bigint) as records_count,
        cast(sum(records_without_person) as bigint) as records_without_person,
        cast(sum(hits_count) as bigint) as hits_count,
        {{ exact_sum('weight_sum') }} as weight_sum,
        {{ exact_sum('hit_weight_sum') }} as hit_weight_sum,
        {{ exact_sum('weight_square_sum') }} as weight_square_sum,
        {{ exact_sum('amount') }} as amount
    from {{ ref('int_measured_file') }}
    group by all

),

final as (

    -- what the records give for each expected period, whatever the state of its figure turns out to be
    select
        by_period.agreement_id,
        by_period.measure_id,
        by_period.area_id,
        by_period.period_start,
        by_period.period_end,
        by_period.records_count,
        coalesce(persons.persons_count, 0) as persons_count,
        -- a record without a person stands for somebody of its own
        coalesce(persons.persons_count, 0) + by_period.records_without_person as contributors,
        by_period.hits_count,
        by_period.weight_sum,
        by_period.hit_weight_sum,
        by_period.weight_square_sum,
        by_period.amount
    from by_period
    left join {{ ref('int_person_count') }} as persons
        on by_period.agreement_id = persons.agreement_id
        and by_period.measure_id = persons.measure_id
        and by_period.area_id = persons.area_id
        and by_period.period_number = persons.period_number

)

select * from final
