with

additive as (

    -- figures that are counted: shares, rates and averages of areas do not add up
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.value
    from {{ ref('int_figure') }} as figure
    inner join {{ source('agreement', 'indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    where
        indicator.figure_type in ('flow', 'stock')
        and figure.measure_kind <> 'rate'
        and figure.value is not null

),

members as (

    select distinct
        agreement_id,
        area_id
    from {{ source('agreement', 'agreement_area') }}

),

areas as (

    select
        spine.agreement_id,
        spine.indicator_id,
        spine.year_kind,
        spine.year,
        max(additive.value) as largest_area,
        sum(additive.value) as sum_of_areas
    from {{ ref('int_expected_figure') }} as spine
    inner join members
        on spine.agreement_id = members.agreement_id
        and spine.area_id = members.area_id
    left join additive
        on spine.agreement_id = additive.agreement_id
        and spine.indicator_id = additive.indicator_id
        and spine.area_id = additive.area_id
        and spine.year_kind = additive.year_kind
        and spine.year = additive.year
    group by spine.agreement_id, spine.indicator_id, spine.year_kind, spine.year
    -- every area that has a figure in the year tells its own
    having count(additive.value) = count(*)

),

shared_records as (

    select
        area_ids,
        stretch_number,
        agreement_id
    from {{ ref('int_area_membership') }}
    where area_id <> '{{ var("all_areas_id") }}'
    group by area_ids, stretch_number, agreement_id
    having count(*) > 1

),

shared_measures as (

    -- a record in several areas counts in each of them and once in the total
    select distinct
        shared_records.agreement_id,
        selection.measure_id
    from {{ ref('int_record_count') }} as records
    inner join shared_records
        on records.area_ids = shared_records.area_ids
        and records.stretch_number = shared_records.stretch_number
    inner join {{ ref('int_selection') }} as selection
        on records.source_id = selection.source_id
        and records.dataset = selection.dataset
        and records.attributes is not distinct from selection.attributes

),

records_with_several_areas as (

    -- and so does a person with records in several areas
    select distinct
        indicator.agreement_id,
        indicator.indicator_id,
        true as has_several
    from {{ source('agreement', 'indicator_version') }} as indicator
    inner join {{ source('agreement', 'measure') }} as measure
        on indicator.measure_id = measure.measure_id
    left join shared_measures
        on indicator.agreement_id = shared_measures.agreement_id
        and indicator.measure_id = shared_measures.measure_id
    where measure.measure_kind = 'distinct_persons' or shared_measures.measure_id is not null

),

final as (

    -- equality where each record has one area; else the total lies between the largest area and the sum
    select
        total.agreement_id,
        total.indicator_id,
        indicator.name as indicator_name,
        total.area_id,
        area.name as area_name,
        total.year_kind,
        total.year,
        expected_year.year_label,
        indicator.source_id,
        total.value as total,
        case
            when coalesce(several.has_several, false) then areas.largest_area else areas.sum_of_areas
        end as lower_bound,
        areas.sum_of_areas as upper_bound,
        greatest(lower_bound - total.value, total.value - upper_bound, 0) as distance
    from additive as total
    inner join areas
        on total.agreement_id = areas.agreement_id
        and total.indicator_id = areas.indicator_id
        and total.year_kind = areas.year_kind
        and total.year = areas.year
    inner join {{ source('agreement', 'indicator') }} as indicator
        on total.agreement_id = indicator.agreement_id
        and total.indicator_id = indicator.indicator_id
    inner join {{ source('agreement', 'area') }} as area
        on total.area_id = area.area_id
    inner join {{ source('agreement', 'expected_year') }} as expected_year
        on total.agreement_id = expected_year.agreement_id
        and total.indicator_id = expected_year.indicator_id
        and total.year_kind = expected_year.year_kind
        and total.year = expected_year.year
    left join records_with_several_areas as several
        on total.agreement_id = several.agreement_id
        and total.indicator_id = several.indicator_id
    where total.area_id = '{{ var("all_areas_id") }}'

)

select * from final
