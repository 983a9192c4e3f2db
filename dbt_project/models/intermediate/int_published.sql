with

by_area as (

    -- two cells for one figure: the conditions of the measure do not say which, and guessing is no answer
    select
        agreement_id,
        indicator_id,
        area_id,
        year,
        case when count(*) = 1 then max(value) end as value
    from {{ ref('int_published_cell') }}
    group by agreement_id, indicator_id, area_id, year

),

delivered_years as (

    select distinct
        agreement_id,
        indicator_id,
        year
    from by_area

),

all_areas as (

    -- the one total made by adding areas; unknown as soon as one of them is
    select
        delivered_years.agreement_id,
        delivered_years.indicator_id,
        '{{ var("all_areas_id") }}' as area_id,
        delivered_years.year,
        case when count(by_area.value) = count(*) then sum(by_area.value) end as value
    from delivered_years
    inner join {{ source('agreement', 'indicator') }} as indicator
        on delivered_years.agreement_id = indicator.agreement_id
        and delivered_years.indicator_id = indicator.indicator_id
        and indicator.all_areas = 'sum_of_areas'
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on delivered_years.agreement_id = agreement_area.agreement_id
    left join by_area
        on delivered_years.agreement_id = by_area.agreement_id
        and delivered_years.indicator_id = by_area.indicator_id
        and delivered_years.year = by_area.year
        and agreement_area.area_id = by_area.area_id
    group by all

),

published as (

    select * from by_area

    union all

    select * from all_areas

)

select * from published
