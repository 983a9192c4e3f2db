with

delivered as (

    select distinct
        area_ids,
        stretch_number
    from {{ ref('int_record_count') }}
    where area_ids is not null

),

named as (

    select
        delivered.area_ids,
        delivered.stretch_number,
        stretch.stretch_start,
        {{ split_to_rows('delivered.area_ids') }} as area_id
    from delivered
    inner join {{ ref('int_stretch') }} as stretch
        on delivered.stretch_number = stretch.stretch_number

),

members as (

    -- «Alle» is every area of the agreement
    select distinct
        named.area_ids,
        named.stretch_number,
        agreement_area.agreement_id,
        agreement_area.area_id
    from named
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on named.stretch_start between agreement_area.valid_from and agreement_area.valid_to
        and (named.area_id = agreement_area.area_id or named.area_id = '{{ var("all_areas_id") }}')

),

members_and_total as (

    select * from members

    union all

    -- all areas together: a record of two areas stands once
    select distinct
        area_ids,
        stretch_number,
        agreement_id,
        '{{ var("all_areas_id") }}' as area_id
    from members

),

final as (

    select
        area_ids,
        stretch_number,
        agreement_id,
        area_id,
        cast(dense_rank() over (order by agreement_id, area_id) as integer) as member_number
    from members_and_total

)

select * from final
