{{ config(materialized='view') }}

with

days as (

    -- a day that a delivery stands for lies in exactly one stretch
    select
        day.day,
        stretch.stretch_number
    from (select distinct day from {{ ref('stg_delivery_day') }}) as day
    inner join {{ ref('int_stretch') }} as stretch
        on day.day between stretch.stretch_start and stretch.stretch_end

),

final as (

    select
        record.*,
        days.stretch_number
    from {{ ref('stg_record') }} as record
    inner join days
        on record.occurred_on = days.day

)

select * from final
