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

)

select * from in_force
