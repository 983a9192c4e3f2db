with

combinations as (

    select distinct
        source_id,
        dataset,
        attributes
    from {{ ref('int_record_count') }}

    union

    select distinct
        source_id,
        dataset,
        attributes
    from {{ ref('stg_cell') }}

),

candidates as (

    select
        measure.measure_id,
        measure.measure_kind,
        combinations.source_id,
        combinations.dataset,
        combinations.attributes,
        case
            when measure.answer_attribute is not null
                then {{ attribute_at('combinations.attributes', 'attribute.place') }}
        end as answer
    from {{ source('agreement', 'measure') }} as measure
    inner join combinations
        on measure.source_id = combinations.source_id
        and measure.dataset = combinations.dataset
    left join {{ source('agreement', 'attribute') }} as attribute
        on measure.source_id = attribute.source_id
        and measure.answer_attribute = attribute.attribute

),

condition_results as (

    -- a condition with several values holds if one of them does
    select
        candidates.measure_id,
        candidates.dataset,
        candidates.attributes,
        conditions.condition_number,
        bool_or(
            {{ condition_holds(attribute_at('candidates.attributes', 'attribute.place'), 'conditions') }}
        ) as holds
    from candidates
    inner join {{ source('agreement', 'condition') }} as conditions
        on candidates.measure_id = conditions.measure_id
    inner join {{ source('agreement', 'attribute') }} as attribute
        on candidates.source_id = attribute.source_id
        and conditions.attribute = attribute.attribute
    group by all

),

failing as (

    select distinct
        measure_id,
        dataset,
        attributes
    from condition_results
    where not holds

),

final as (

    select
        candidates.measure_id,
        candidates.source_id,
        candidates.dataset,
        candidates.attributes,
        coalesce(answers.is_hit, false) as is_hit
    from candidates
    left join failing
        on candidates.measure_id = failing.measure_id
        and candidates.dataset = failing.dataset
        and candidates.attributes is not distinct from failing.attributes
    left join {{ source('agreement', 'answer') }} as answers
        on candidates.measure_id = answers.measure_id
        and candidates.answer = answers.answer
    where
        failing.measure_id is null
        -- a blank answer and «Ved ikke» leave both numerator and denominator
        and (candidates.measure_kind <> 'weighted_share' or candidates.answer is not null)
        and not coalesce(answers.is_non_response, false)

)

select * from final
