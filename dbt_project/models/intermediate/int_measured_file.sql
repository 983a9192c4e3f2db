with

measures as (

    select * from {{ source('agreement', 'measure') }}
    where measure_kind not in ('published_value', 'rate')

),

counted as (

    select
        selection.measure_id,
        records.area_ids,
        records.stretch_number,
        records.delivery_number,
        sum(records.records_count) as records_count,
        sum(records.records_without_person) as records_without_person,
        sum(case when selection.is_hit then records.records_count else 0 end) as hits_count,
        {{ exact_sum('records.weight_sum') }} as weight_sum,
        {{ exact_sum('case when selection.is_hit then records.weight_sum end') }} as hit_weight_sum,
        {{ exact_sum('records.weight_square_sum') }} as weight_square_sum,
        min(records.first_row_number) as first_row_number,
        max(records.last_row_number) as last_row_number,
        cast(null as double) as amount
    from {{ ref('int_record_count') }} as records
    inner join {{ ref('int_selection') }} as selection
        on records.source_id = selection.source_id
        and records.dataset = selection.dataset
        and records.attributes is not distinct from selection.attributes
    inner join measures
        on selection.measure_id = measures.measure_id
    group by all

),

amounts as (

    select
        selection.measure_id,
        amount.area_ids,
        amount.stretch_number,
        amount.delivery_number,
        0 as records_count,
        0 as records_without_person,
        0 as hits_count,
        cast(null as double) as weight_sum,
        cast(null as double) as hit_weight_sum,
        cast(null as double) as weight_square_sum,
        cast(null as bigint) as first_row_number,
        cast(null as bigint) as last_row_number,
        {{ exact_sum('amount.amount') }} as amount
    from {{ ref('int_amount') }} as amount
    inner join {{ ref('int_selection') }} as selection
        on amount.source_id = selection.source_id
        and amount.dataset = selection.dataset
        and amount.attributes is not distinct from selection.attributes
    inner join measures
        on selection.measure_id = measures.measure_id
        and amount.amount_attribute = measures.amount_attribute
    group by all

),

by_stretch as (

    select * from counted

    union all

    select * from amounts

),

by_area as (

    select
        membership.agreement_id,
        by_stretch.measure_id,
        membership.area_id,
        by_stretch.* exclude (measure_id, area_ids)
    from by_stretch
    inner join {{ ref('int_area_membership') }} as membership
        on by_stretch.area_ids = membership.area_ids
        and by_stretch.stretch_number = membership.stretch_number

),

final as (

    -- what the records of each file give for each expected period
    select
        by_area.agreement_id,
        by_area.measure_id,
        by_area.area_id,
        period.period_number,
        period.period_start,
        period.period_end,
        by_area.delivery_number,
        cast(sum(by_area.records_count) as bigint) as records_count,
        cast(sum(by_area.records_without_person) as bigint) as records_without_person,
        cast(sum(by_area.hits_count) as bigint) as hits_count,
        min(by_area.first_row_number) as first_row_number,
        max(by_area.last_row_number) as last_row_number,
        {{ exact_sum('by_area.weight_sum') }} as weight_sum,
        {{ exact_sum('by_area.hit_weight_sum') }} as hit_weight_sum,
        {{ exact_sum('by_area.weight_square_sum') }} as weight_square_sum,
        {{ exact_sum('by_area.amount') }} as amount
    from by_area
    inner join {{ ref('int_stretch') }} as stretch
        on by_area.stretch_number = stretch.stretch_number
    inner join {{ ref('int_period') }} as period
        on by_area.agreement_id = period.agreement_id
        and by_area.measure_id = period.measure_id
        and stretch.stretch_start between period.period_start and period.period_end
    group by all

)

select * from final
