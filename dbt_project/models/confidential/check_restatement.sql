with

earlier as (

    select
        publication.published_order,
        publication.publication_id,
        publication.as_of,
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.value,
        figure.value_state,
        figure.is_closed,
        figure.definition_version
    from {{ source('journal', 'figure') }} as figure
    inner join {{ source('journal', 'publication') }} as publication
        on figure.publication_id = publication.publication_id
    -- a rate changes with its numerator, where it is told
    where coalesce(figure.measure_kind, '') <> 'rate'

),

figures_shown as (

    select distinct
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year
    from earlier

),

tonight as (

    -- only what was shown before can have changed
    select figure.*
    from {{ ref('indicator_figure') }} as figure
    inner join figures_shown
        on figure.agreement_id = figures_shown.agreement_id
        and figure.indicator_id = figures_shown.indicator_id
        and figure.area_id = figures_shown.area_id
        and figure.year_kind = figures_shown.year_kind
        and figure.year = figures_shown.year

),

now_and_then as (

    select * from earlier

    union all

    select
        2147483647 as published_order,
        'tonight' as publication_id,
        {{ as_of() }} as as_of,
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        value,
        value_state,
        is_closed,
        definition_version
    from tonight

),

final_versions as (

    -- what was shown as the final figure of a closed year; parts of a year were never called final
    select * from now_and_then
    where is_closed and value_state = 'observed'

),

with_previous as (

    select
        final_versions.*,
        lag(value) over versions as old_value,
        lag(publication_id) over versions as old_publication,
        lag(as_of) over versions as old_as_of,
        lag(definition_version) over versions as old_definition_version
    from final_versions
    window versions as (
        partition by agreement_id, indicator_id, area_id, year_kind, year
        order by published_order
    )

),

changes as (

    select
        with_previous.*,
        row_number() over (
            partition by agreement_id, indicator_id, area_id, year_kind, year
            order by published_order desc
        ) as change_rank
    from with_previous
    where old_value is not null and abs(value - old_value) > 1e-9 * greatest(abs(value), abs(old_value))

),

new_files as (

    -- files in force for the figure's year that came between the two publications
    select
        changes.agreement_id,
        changes.indicator_id,
        changes.area_id,
        changes.year_kind,
        changes.year,
        max_by(delivery.file_name, delivery.delivered_on) as file_name
    from changes
    inner join {{ ref('int_expected_figure') }} as spine
        on changes.agreement_id = spine.agreement_id
        and changes.indicator_id = spine.indicator_id
        and changes.area_id = spine.area_id
        and changes.year_kind = spine.year_kind
        and changes.year = spine.year
    inner join {{ ref('int_period_file') }} as period_file
        on spine.source_id = period_file.source_id
        and spine.dataset = period_file.dataset
        and spine.year_start = period_file.period_start
        and spine.year_end = period_file.period_end
        and period_file.is_in_force
    inner join {{ ref('stg_delivery') }} as delivery
        on period_file.delivery_number = delivery.delivery_number
        and delivery.delivered_on > changes.old_as_of
        and delivery.delivered_on <= changes.as_of
    where changes.change_rank = 1
    group by changes.agreement_id, changes.indicator_id, changes.area_id, changes.year_kind, changes.year

),

final as (

    -- every figure that was shown before; old and new value differ where it was restated, and stay with the figure
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.indicator_name,
        figure.area_id,
        figure.area_name,
        figure.year_kind,
        figure.year,
        figure.year_label,
        figure.source_id,
        coalesce(changes.old_value, figure.value) as old_value,
        coalesce(changes.value, figure.value) as new_value,
        changes.old_publication,
        coalesce(changes.publication_id = 'tonight', false) as is_unpublished,
        new_files.file_name,
        case
            when changes.change_rank is null then null
            when changes.definition_version <> changes.old_definition_version then 'new_definition'
            when new_files.file_name is not null then 'new_delivery'
            else 'correction'
        end as cause,
        case
            when changes.change_rank is null then null
            when changes.definition_version <> changes.old_definition_version then 'ny definition'
            when new_files.file_name is not null then 'ny leverance (' || new_files.file_name || ')'
            else 'rettelse'
        end as cause_da
    from {{ ref('check_figure') }} as figure
    inner join figures_shown
        on figure.agreement_id = figures_shown.agreement_id
        and figure.indicator_id = figures_shown.indicator_id
        and figure.area_id = figures_shown.area_id
        and figure.year_kind = figures_shown.year_kind
        and figure.year = figures_shown.year
    left join changes
        on figure.agreement_id = changes.agreement_id
        and figure.indicator_id = changes.indicator_id
        and figure.area_id = changes.area_id
        and figure.year_kind = changes.year_kind
        and figure.year = changes.year
        and changes.change_rank = 1
    left join new_files
        on figure.agreement_id = new_files.agreement_id
        and figure.indicator_id = new_files.indicator_id
        and figure.area_id = new_files.area_id
        and figure.year_kind = new_files.year_kind
        and figure.year = new_files.year

)

select * from final
