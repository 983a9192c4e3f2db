with

additive as (

    -- figures that are counted: shares and averages of areas do not add up
    select * from {{ ref('check_figure') }}
    where figure_type in ('flow', 'stock') and measure_kind <> 'rate' and value is not null

),

areas as (

    select
        additive.agreement_id,
        additive.indicator_id,
        additive.year_kind,
        additive.year,
        max(additive.value) as largest_area,
        sum(additive.value) as sum_of_areas,
        count(*) as areas_count
    from additive
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on additive.agreement_id = agreement_area.agreement_id
        and additive.area_id = agreement_area.area_id
    group by all

),

agreement_areas as (

    select
        agreement_id,
        count(*) as areas_count
    from {{ source('agreement', 'agreement_area') }}
    group by all

),

records_with_several_areas as (

    -- a record in several areas counts in each of them and once in the total; so may a person with several records
    select distinct
        indicator.agreement_id,
        indicator.indicator_id,
        true as has_several
    from {{ source('agreement', 'indicator_version') }} as indicator
    inner join {{ source('agreement', 'measure') }} as measure
        on indicator.measure_id = measure.measure_id
    where
        measure.measure_kind = 'distinct_persons'
        or exists (
            select 1
            from {{ ref('int_record_count') }} as records
            inner join {{ ref('int_selection') }} as selection
                on records.source_id = selection.source_id
                and records.dataset = selection.dataset
                and records.attributes is not distinct from selection.attributes
            inner join {{ ref('int_area_membership') }} as membership
                on records.area_ids = membership.area_ids
                and records.stretch_number = membership.stretch_number
            where
                selection.measure_id = measure.measure_id
                and membership.agreement_id = indicator.agreement_id
                and membership.area_id <> '{{ var("all_areas_id") }}'
                and membership.area_id <> records.area_ids
        )

),

final as (

    -- equality where each record has one area; else the total lies between the largest area and the sum
    select
        total.agreement_id,
        total.indicator_id,
        total.indicator_name,
        total.area_id,
        total.area_name,
        total.year_kind,
        total.year,
        total.year_label,
        total.source_id,
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
    inner join agreement_areas
        on total.agreement_id = agreement_areas.agreement_id
        and areas.areas_count = agreement_areas.areas_count
    left join records_with_several_areas as several
        on total.agreement_id = several.agreement_id
        and total.indicator_id = several.indicator_id
    where total.area_id = '{{ var("all_areas_id") }}'

)

select * from final
