with

cells as (

    -- two cells for one figure: the conditions of the measure do not say which, and guessing is no answer
    select
        cell.measure_id,
        measure.figure_type,
        coalesce(cell.area_id, 'region:' || cell.region) as place,
        any_value(cell.area_id) as area_id,
        any_value(cell.region) as region,
        cell.year,
        cell.part_number,
        any_value(cell.parts_count) as parts_count,
        case when count(*) = 1 then max(cell.value) end as value
    from {{ ref('int_published_cell') }} as cell
    inner join {{ source('agreement', 'measure') }} as measure
        on cell.measure_id = measure.measure_id
    group by cell.measure_id, measure.figure_type, place, cell.year, cell.part_number

),

by_place as (

    -- the whole year where it is delivered; else its parts, added for a flow, and the first of them for a stock
    select
        measure_id,
        place,
        any_value(area_id) as area_id,
        any_value(region) as region,
        year,
        case
            when count(*) filter (where part_number is null) > 0 then max(value) filter (where part_number is null)
            when figure_type = 'flow' then sum(value)
            when figure_type = 'stock' then max(value) filter (where part_number = 1)
            else null
        end as value,
        count(*) filter (where part_number is null) = 0
        and figure_type = 'flow'
        and count(value) < max(parts_count) as is_incomplete
    from cells
    group by measure_id, figure_type, place, year

),

delivered_years as (

    select distinct
        measure_id,
        year
    from by_place

),

members as (

    -- the areas of each agreement that uses the measure, as they were on the first day of the year
    select distinct
        indicator.agreement_id,
        delivered_years.measure_id,
        delivered_years.year,
        agreement_area.area_id
    from delivered_years
    inner join {{ source('agreement', 'measure') }} as measure
        on delivered_years.measure_id = measure.measure_id
        and measure.all_areas = 'sum_of_areas'
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on delivered_years.measure_id = indicator.measure_id
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on indicator.agreement_id = agreement_area.agreement_id
        and make_date(delivered_years.year, 1, 1) between agreement_area.valid_from and agreement_area.valid_to

),

all_areas as (

    -- the one total made by adding areas; unknown as soon as one of them is
    select
        members.agreement_id,
        members.measure_id,
        '{{ var("all_areas_id") }}' as area_id,
        cast(null as varchar) as region,
        members.year,
        case when count(by_place.value) = count(*) then sum(by_place.value) end as value,
        coalesce(bool_or(by_place.is_incomplete), false) as is_incomplete
    from members
    left join by_place
        on members.measure_id = by_place.measure_id
        and members.year = by_place.year
        and members.area_id = by_place.area_id
    group by members.agreement_id, members.measure_id, members.year

),

final as (

    -- a published figure of one place is the same for every agreement
    select
        cast(null as varchar) as agreement_id,
        measure_id,
        area_id,
        region,
        year,
        value,
        is_incomplete
    from by_place

    union all

    select * from all_areas

)

select * from final
