{#-
  The rows of a source that are in force: a row gives way when a later delivery of the same dataset covers its day
  (`_period_on`), and where one key stands in several files of a delivery the last file wins.
  Sources that append keep every row, the newest version of each key.
-#}
{% macro newest_version(source_id, key) -%}
    delivered as (

        select
            raw_row.*,
            delivery.delivered_on as _delivered_on,
            delivery.file_name as _file_name,
            delivery.file_id as _file_id,
            source.replacement as _replacement
        from {{ source('raw', source_id) }} as raw_row
        inner join {{ source('ledger', 'delivery') }} as delivery
            on raw_row._reading_id = delivery.reading_id
            and delivery.source_id = '{{ source_id }}'
        inner join {{ source('ledger', 'source') }} as source
            on delivery.source_id = source.source_id

    ),

    in_force as (

        select delivered.*
        from delivered
        where
            delivered._replacement = 'appends'
            or not exists (
                select 1
                from {{ source('ledger', 'delivery_period') }} as later
                where
                    later.source_id = '{{ source_id }}'
                    and later.dataset = delivered._dataset
                    and later.delivered_on > delivered._delivered_on
                    and cast(delivered._period_on as date) between later.period_start and later.period_end
            )

    ),

    ranked as (

        select
            in_force.*,
            row_number() over (
                partition by
                    {{ key | join(', ') }},
                    case when _replacement <> 'appends' then _period end
                order by _delivered_on desc, _file_name desc, _row_number desc
            ) as _version_rank
        from in_force

    ),

    newest as (

        select
            ranked.*,
            _reading_id || ':' || coalesce(_sheet, '') || ':' || cast(_row_number as varchar) as _record_id
        from ranked
        where _version_rank = 1

    )
{%- endmacro %}


{#- One row per cell of a wide source, in force as above; `year` is the cell's year column. -#}
{% macro newest_cells(source_id, labels) -%}
    delivered as (

        select
            raw_row.*,
            delivery.delivered_on as _delivered_on,
            delivery.file_name as _file_name,
            delivery.file_id as _file_id
        from {{ source('raw', source_id) }} as raw_row
        inner join {{ source('ledger', 'delivery') }} as delivery
            on raw_row._reading_id = delivery.reading_id
            and delivery.source_id = '{{ source_id }}'

    ),

    cells as (

        select
            delivered.* exclude (values_by_period),
            {{ unnest_json_object('delivered.values_by_period') }}
        from delivered

    ),

    yearly as (

        select
            cells.* exclude (entry),
            cast(entry.key as integer) as year,
            try_cast(entry.value as double) as value,
            _reading_id || ':' || coalesce(_sheet, '') || ':' || cast(_row_number as varchar) as _record_id
        from cells
        where length(entry.key) = 4

    ),

    in_force as (

        select yearly.*
        from yearly
        where not exists (
            select 1
            from {{ source('ledger', 'delivery_period') }} as later
            where
                later.source_id = '{{ source_id }}'
                and later.dataset = yearly._dataset
                and later.delivered_on > yearly._delivered_on
                and later.label = cast(yearly.year as varchar)
        )

    ),

    ranked as (

        -- of several files of one delivery the last file name wins, cell by cell
        select
            in_force.*,
            dense_rank() over (
                partition by _dataset, {{ labels | join(', ') }}, year
                order by _delivered_on desc, _file_name desc
            ) as _version_rank
        from in_force

    ),

    newest as (

        select * from ranked
        where _version_rank = 1

    )
{%- endmacro %}
