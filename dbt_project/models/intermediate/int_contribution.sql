with

measures as (

    select * from {{ source('agreement', 'indicator') }}
    where measure_kind <> 'published_value'

),

conditions as (

    select * from {{ source('agreement', 'condition') }}

),

answers as (

    select * from {{ source('agreement', 'answer') }}

),

candidates as (

    select
        measures.agreement_id,
        measures.indicator_id,
        measures.measure_kind,
        record.*,
        record.attributes[measures.answer_attribute] as answer
    from measures
    inner join {{ ref('int_record') }} as record
        on measures.source_id = record.source_id

),

failing as (

    select distinct
        candidates.agreement_id,
        candidates.indicator_id,
        candidates.record_id
    from candidates
    inner join conditions
        on candidates.agreement_id = conditions.agreement_id
        and candidates.indicator_id = conditions.indicator_id
    where not {{ condition_holds('candidates.attributes[conditions.attribute]', 'conditions') }}

),

counting as (

    select
        candidates.*,
        coalesce(answers.is_hit, false) as is_hit
    from candidates
    left join failing
        on candidates.agreement_id = failing.agreement_id
        and candidates.indicator_id = failing.indicator_id
        and candidates.record_id = failing.record_id
    left join answers
        on candidates.agreement_id = answers.agreement_id
        and candidates.indicator_id = answers.indicator_id
        and candidates.answer = answers.answer
    where
        failing.record_id is null
        -- a blank answer and «Ved ikke» leave both numerator and denominator
        and (candidates.measure_kind <> 'weighted_share' or candidates.answer is not null)
        and not coalesce(answers.is_non_response, false)

),

by_named_area as (

    select
        counting.agreement_id,
        counting.indicator_id,
        counting.record_id,
        {{ split_to_rows('counting.area_ids') }} as area_id
    from counting

),

by_area as (

    -- «Alle» is every area of the agreement
    select distinct
        by_named_area.agreement_id,
        by_named_area.indicator_id,
        by_named_area.record_id,
        agreement_area.area_id
    from by_named_area
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on by_named_area.agreement_id = agreement_area.agreement_id
        and (
            by_named_area.area_id = agreement_area.area_id
            or by_named_area.area_id = '{{ var("all_areas_id") }}'
        )

),

by_area_and_total as (

    select * from by_area

    union all

    -- all areas together: a record of two areas stands once
    select distinct
        agreement_id,
        indicator_id,
        record_id,
        '{{ var("all_areas_id") }}' as area_id
    from by_area

),

contributions as (

    select
        counting.agreement_id,
        counting.indicator_id,
        by_area_and_total.area_id,
        counting.record_id,
        counting.occurred_on,
        counting.person_key,
        counting.weight,
        counting.is_hit,
        counting.source_id,
        counting.file_id,
        counting.file_name,
        counting.delivered_on
    from counting
    inner join by_area_and_total
        on counting.agreement_id = by_area_and_total.agreement_id
        and counting.indicator_id = by_area_and_total.indicator_id
        and counting.record_id = by_area_and_total.record_id

)

select * from contributions
