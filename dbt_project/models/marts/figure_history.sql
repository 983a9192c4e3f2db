with

publications as (

    select
        publication_id,
        published_at,
        published_order
    from {{ source('disclosed', 'earlier_publication') }}

    union all

    select
        publication_id,
        published_at,
        2147483647 as published_order
    from {{ source('disclosed', 'publication') }}

),

shown as (

    select
        publication_id,
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        value,
        value_state,
        definition_version,
        agreement_version,
        target_value,
        target_status
    from {{ source('disclosed', 'earlier_figure') }}
    where publication_id in (select publication_id from {{ source('disclosed', 'earlier_publication') }})

    union all

    select
        publication.publication_id,
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.value,
        figure.value_state,
        figure.definition_version,
        figure.agreement_version,
        figure.target_value,
        figure.target_status
    from {{ source('disclosed', 'figure') }} as figure
    cross join {{ source('disclosed', 'publication') }} as publication

),

in_order as (

    select
        shown.*,
        publications.published_at,
        publications.published_order,
        lag(shown.value) over versions as previous_value,
        lag(shown.value_state) over versions as previous_state,
        lag(shown.definition_version) over versions as previous_definition,
        lag(shown.target_value) over versions as previous_target,
        lag(shown.target_status) over versions as previous_status
    from shown
    inner join publications
        on shown.publication_id = publications.publication_id
    window versions as (
        partition by shown.agreement_id, shown.indicator_id, shown.area_id, shown.year_kind, shown.year
        order by publications.published_order
    )

),

versions as (

    -- a version begins where the figure, its state, its definition or its target differs from the publication before
    select * from in_order
    where
        previous_state is null
        or value is distinct from previous_value
        or value_state <> previous_state
        or definition_version <> previous_definition
        or target_value is distinct from previous_target
        or target_status is distinct from previous_status

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        value,
        value_state,
        definition_version,
        agreement_version,
        target_value,
        target_status,
        publication_id as valid_from_publication,
        lead(publication_id) over (
            partition by agreement_id, indicator_id, area_id, year_kind, year
            order by published_order
        ) as valid_to_publication,
        published_at
    from versions

)

select * from final
