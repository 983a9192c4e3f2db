{{ config(materialized='view') }}

with

spine as (

    select expected.*
    from {{ ref('int_expected_figure') }} as expected
    inner join {{ ref('int_figure') }} as figure
        on expected.agreement_id = figure.agreement_id
        and expected.indicator_id = figure.indicator_id
        and expected.area_id = figure.area_id
        and expected.year_kind = figure.year_kind
        and expected.year = figure.year
    where figure.value is not null

),

cells as (

    select
        cell.measure_id,
        cell.area_id,
        cell.year,
        cell.delivery_number,
        count(*) as rows_count,
        min(cell.row_number) as first_row_number,
        max(cell.row_number) as last_row_number
    from {{ ref('int_published_cell') }} as cell
    where cell.area_id is not null
    group by all

),

cells_and_totals as (

    select
        cast(null as varchar) as agreement_id,
        cells.*
    from cells

    union all

    select
        agreement_area.agreement_id,
        cells.measure_id,
        '{{ var("all_areas_id") }}' as area_id,
        cells.year,
        cells.delivery_number,
        sum(cells.rows_count) as rows_count,
        min(cells.first_row_number) as first_row_number,
        max(cells.last_row_number) as last_row_number
    from cells
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on cells.area_id = agreement_area.area_id
        and make_date(cells.year, 1, 1) between agreement_area.valid_from and agreement_area.valid_to
    group by all

),

files as (

    -- every file that stands for the period, with what counts of it; a file without a row that counts is what a zero rests on
    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        period_file.delivery_number,
        period_file.is_in_force,
        period_file.superseded_on,
        coalesce(measured.records_count, cells_and_totals.rows_count, 0) as rows_count,
        coalesce(measured.first_row_number, cells_and_totals.first_row_number) as first_row_number,
        coalesce(measured.last_row_number, cells_and_totals.last_row_number) as last_row_number
    from spine
    inner join {{ ref('int_period_file') }} as period_file
        on spine.source_id = period_file.source_id
        and spine.dataset = period_file.dataset
        and spine.year_start = period_file.period_start
        and spine.year_end = period_file.period_end
        and (period_file.scope_area_id in ('', spine.area_id) or spine.area_id = '{{ var("all_areas_id") }}')
    left join {{ ref('int_measured_file') }} as measured
        on spine.agreement_id = measured.agreement_id
        and spine.measure_id = measured.measure_id
        and spine.area_id = measured.area_id
        and spine.year_start = measured.period_start
        and spine.year_end = measured.period_end
        and period_file.delivery_number = measured.delivery_number
    left join cells_and_totals
        on spine.measure_id = cells_and_totals.measure_id
        and spine.area_id = cells_and_totals.area_id
        and spine.year = cells_and_totals.year
        and period_file.delivery_number = cells_and_totals.delivery_number
        and coalesce(cells_and_totals.agreement_id, spine.agreement_id) = spine.agreement_id

),

parts_of_rates as (

    -- a rate rests on the files of what it counts, and on those of its denominator in the calendar year it ends in
    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        part.part_id,
        part.part_year_kind,
        part.part_year
    from spine
    inner join {{ source('agreement', 'measure') }} as measure
        on spine.measure_id = measure.measure_id
    cross join lateral (
        select
            measure.numerator_id as part_id,
            spine.year_kind as part_year_kind,
            spine.year as part_year

        union all

        select
            measure.denominator_id as part_id,
            'calendar' as part_year_kind,
            cast(extract('year' from spine.period_end) as integer) as part_year
    ) as part
    where spine.measure_kind = 'rate'

),

files_and_rates as (

    select * from files

    union all

    select
        parts_of_rates.agreement_id,
        parts_of_rates.indicator_id,
        parts_of_rates.area_id,
        parts_of_rates.year_kind,
        parts_of_rates.year,
        files.delivery_number,
        files.is_in_force,
        files.superseded_on,
        files.rows_count,
        files.first_row_number,
        files.last_row_number
    from parts_of_rates
    inner join files
        on parts_of_rates.agreement_id = files.agreement_id
        and parts_of_rates.part_id = files.indicator_id
        and parts_of_rates.area_id = files.area_id
        and parts_of_rates.part_year_kind = files.year_kind
        and parts_of_rates.part_year = files.year

),

final as (

    select
        files_and_rates.agreement_id,
        files_and_rates.indicator_id,
        files_and_rates.area_id,
        files_and_rates.year_kind,
        files_and_rates.year,
        delivery.source_id,
        delivery.delivered_on,
        delivery.file_name,
        delivery.file_id,
        delivery.delivery_number,
        files_and_rates.is_in_force,
        files_and_rates.superseded_on,
        cast(files_and_rates.rows_count as bigint) as rows_count,
        cast(files_and_rates.first_row_number as bigint) as first_row_number,
        cast(files_and_rates.last_row_number as bigint) as last_row_number,
        delivery.rows_quarantined,
        delivery.quarantine_reasons
    from files_and_rates
    inner join {{ ref('stg_delivery') }} as delivery
        on files_and_rates.delivery_number = delivery.delivery_number

)

select * from final
