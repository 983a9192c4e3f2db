{{ config(materialized='view') }}

with

delivered as (

    select
        record.*,
        delivery.delivery_number,
        delivery.delivered_on,
        delivery.file_name,
        delivery.is_appended,
        delivery.has_rivals
    from {{ source('raw', 'record') }} as record
    inner join {{ ref('stg_delivery') }} as delivery
        on record._reading_id = delivery.reading_id
        and record.source_id = delivery.source_id

),

in_force as (

    -- a later delivery of the same dataset that stands for the row's day replaces it
    select delivered.*
    from delivered
    left join {{ ref('stg_delivery_day') }} as whole
        on delivered.source_id = whole.source_id
        and delivered._dataset = whole.dataset
        and delivered._period_on = whole.day
        and whole.scope_area_id = ''
    left join {{ ref('stg_delivery_day') }} as scoped
        on delivered.source_id = scoped.source_id
        and delivered._dataset = scoped.dataset
        and delivered._period_on = scoped.day
        and delivered.area_ids = scoped.scope_area_id
    where
        delivered.is_appended
        or delivered.delivered_on >= coalesce(scoped.delivered_on, whole.delivered_on, delivered.delivered_on)

),

ranked as (

    -- of the rows with one key in the files of one delivery the last file's stays
    select
        in_force.*,
        row_number() over (
            partition by
                source_id,
                coalesce(record_key, _reading_id || ':' || coalesce(_sheet, '') || ':' || cast(_row_number as varchar)),
                case when not is_appended then _period end
            order by delivered_on desc, file_name desc, _row_number desc
        ) as version_rank
    from in_force
    where has_rivals

),

newest as (

    select * from in_force
    where not has_rivals

    union all

    select * exclude (version_rank) from ranked
    where version_rank = 1

),

final as (

    select
        source_id,
        _dataset as dataset,
        delivery_number,
        _sheet as sheet_name,
        _row_number as row_number,
        _period_on as occurred_on,
        area_ids,
        person_key,
        weight,
        attributes,
        amounts,
        _corrections as corrections
    from newest

)

select * from final
