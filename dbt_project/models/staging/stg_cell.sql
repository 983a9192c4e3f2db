with

delivered as (

    select
        cell_row.* exclude (values_by_period),
        delivery.delivery_number,
        delivery.delivered_on,
        delivery.file_name,
        {{ unnest_json_object('cell_row.values_by_period') }}
    from {{ source('raw', 'cell_row') }} as cell_row
    inner join {{ ref('stg_delivery') }} as delivery
        on cell_row._reading_id = delivery.reading_id
        and cell_row.source_id = delivery.source_id

),

cells as (

    select
        delivered.* exclude (entry),
        -- a quarter is K in Danish and Q in English, a week U and W
        {{ english_period('entry.key') }} as period_label,
        try_cast(entry.value as double) as value
    from delivered

),

labels as (

    select
        source_id,
        dataset,
        {{ english_period('label') }} as label,
        max(delivered_on) as delivered_on
    from {{ source('ledger', 'delivery_period') }}
    group by all

),

ranked as (

    -- of several files of one delivery the last file name wins, cell by cell
    select
        cells.*,
        dense_rank() over (
            partition by cells.source_id, cells._dataset, cells.record_key, cells.period_label
            order by cells.file_name desc
        ) as version_rank
    from cells
    inner join labels
        on cells.source_id = labels.source_id
        and cells._dataset = labels.dataset
        and cells.period_label = labels.label
        and cells.delivered_on = labels.delivered_on

),

final as (

    select
        ranked.source_id,
        ranked._dataset as dataset,
        ranked.delivery_number,
        ranked._sheet as sheet_name,
        ranked._row_number as row_number,
        coalesce(ranked.area_id, municipality.area_id) as area_id,
        ranked.region,
        ranked.attributes,
        ranked.period_label,
        cast(left(ranked.period_label, 4) as integer) as year,
        -- a quarter, month, half-year or week of the year; null for the whole
        try_cast(substr(ranked.period_label, 6) as integer) as part_number,
        case substr(ranked.period_label, 5, 1)
            when 'Q' then 4
            when 'M' then 12
            when 'H' then 2
            when 'W' then extract('week' from make_date(cast(left(ranked.period_label, 4) as integer), 12, 28))
            else 1
        end as parts_count,
        ranked.value,
        ranked._corrections as corrections
    from ranked
    left join {{ source('agreement', 'municipality_name') }} as municipality
        on lower(trim(ranked.region)) = municipality.name
    where ranked.version_rank = 1

)

select * from final
