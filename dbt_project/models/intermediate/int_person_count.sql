with

numbered_periods as (

    -- each period is one bit of a mask; 60 bits fit a block
    select distinct
        period_number,
        period_start,
        period_end,
        cast(floor((period_number - 1) / 60) as integer) as block,
        cast(power(2, (period_number - 1) % 60) as bigint) as bit
    from {{ ref('int_period') }}

),

stretch_masks as (

    select
        stretch.stretch_number,
        numbered_periods.block,
        bit_or(numbered_periods.bit) as mask
    from {{ ref('int_stretch') }} as stretch
    inner join numbered_periods
        on stretch.stretch_start between numbered_periods.period_start and numbered_periods.period_end
    group by all

),

selection as (

    -- by agreement: several of them may share their areas and not their measures
    select distinct
        selection.*,
        period.agreement_id
    from {{ ref('int_selection') }} as selection
    inner join {{ source('agreement', 'measure') }} as measure
        on selection.measure_id = measure.measure_id
    inner join {{ ref('int_period') }} as period
        on selection.measure_id = period.measure_id
    where measure.contributors_kind = 'persons' and measure.measure_kind <> 'published_value'

),

persons_of_areas as (

    -- in which periods a person occurs in an area, whatever the number of records
    select
        selection.measure_id,
        membership.agreement_id,
        membership.area_id,
        stretch_masks.block,
        record.person_key,
        bit_or(stretch_masks.mask) as mask
    from {{ ref('int_record') }} as record
    inner join selection
        on record.source_id = selection.source_id
        and record.dataset = selection.dataset
        and record.attributes is not distinct from selection.attributes
    inner join {{ ref('int_area_membership') }} as membership
        on record.area_ids = membership.area_ids
        and record.stretch_number = membership.stretch_number
        and selection.agreement_id = membership.agreement_id
    inner join stretch_masks
        on record.stretch_number = stretch_masks.stretch_number
    where record.person_key is not null and membership.area_id <> '{{ var("all_areas_id") }}'
    group by all

),

persons as (

    select * from persons_of_areas

    union all

    -- a person of several areas is one person of all of them
    select
        measure_id,
        agreement_id,
        '{{ var("all_areas_id") }}' as area_id,
        block,
        person_key,
        bit_or(mask) as mask
    from persons_of_areas
    group by all

),

by_mask as (

    select
        measure_id,
        agreement_id,
        area_id,
        block,
        mask,
        count(*) as persons_count
    from persons
    group by all

),

mask_periods as (

    -- the masks that occur are few: which periods each of them stands for is asked once
    select
        masks.block,
        masks.mask,
        numbered_periods.period_number
    from (
        select distinct
            block,
            mask
        from by_mask
    ) as masks
    inner join numbered_periods
        on masks.block = numbered_periods.block
        and (masks.mask & numbered_periods.bit) <> 0

),

counted as (

    select
        by_mask.agreement_id,
        by_mask.measure_id,
        by_mask.area_id,
        mask_periods.period_number,
        cast(sum(by_mask.persons_count) as bigint) as persons_count
    from by_mask
    inner join mask_periods
        on by_mask.block = mask_periods.block
        and by_mask.mask = mask_periods.mask
    group by all

),

final as (

    select counted.*
    from counted
    inner join {{ ref('int_period') }} as period
        on counted.agreement_id = period.agreement_id
        and counted.measure_id = period.measure_id
        and counted.period_number = period.period_number

)

select * from final
