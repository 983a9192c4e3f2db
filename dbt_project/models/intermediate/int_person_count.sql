with

numbered_periods as (

    -- each period is one bit of a mask; 60 bits fit a block
    select distinct
        period_number,
        period_start,
        period_end,
        cast((period_number - 1) // 60 as integer) as block,
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

    select selection.*
    from {{ ref('int_selection') }} as selection
    inner join {{ source('agreement', 'measure') }} as measure
        on selection.measure_id = measure.measure_id
    where measure.contributors_kind = 'persons' and measure.measure_kind <> 'published_value'

),

persons as (

    -- in which periods a person occurs, whatever the number of records
    select
        selection.measure_id,
        membership.member_number,
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
    inner join stretch_masks
        on record.stretch_number = stretch_masks.stretch_number
    where record.person_key is not null
    group by all

),

members as (

    select distinct
        member_number,
        agreement_id,
        area_id
    from {{ ref('int_area_membership') }}

),

periods as (

    select
        members.member_number,
        members.agreement_id,
        members.area_id,
        period.measure_id,
        period.period_number,
        numbered_periods.block,
        numbered_periods.bit
    from {{ ref('int_period') }} as period
    inner join members
        on period.agreement_id = members.agreement_id
    inner join numbered_periods
        on period.period_number = numbered_periods.period_number

),

final as (

    select
        periods.agreement_id,
        periods.measure_id,
        periods.area_id,
        periods.period_number,
        count(*) as persons_count
    from persons
    inner join periods
        on persons.measure_id = periods.measure_id
        and persons.member_number = periods.member_number
        and persons.block = periods.block
        and (persons.mask & periods.bit) <> 0
    group by all

)

select * from final
