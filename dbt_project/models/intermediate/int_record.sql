with

records as (

    select
        'vejledninger' as source_id,
        '' as dataset,
        _record_id as record_id,
        met_on as occurred_on,
        area_id as area_ids,
        person_key,
        cast(1 as double) as weight,
        {{ attributes(['is_bridged', 'bridged_to', 'theme', 'has_consent']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_vejledninger') }}

    union all

    select
        'aktiviteter' as source_id,
        '' as dataset,
        _record_id as record_id,
        held_on as occurred_on,
        area_ids,
        null as person_key,
        cast(1 as double) as weight,
        {{ attributes(['is_larger', 'partners', 'activity', 'activity_type']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_aktiviteter') }}

    union all

    select
        'forloeb_deltagere' as source_id,
        '' as dataset,
        _record_id as record_id,
        starts_on as occurred_on,
        area_id as area_ids,
        person_key,
        cast(1 as double) as weight,
        {{ attributes(['course_name', 'age_at_start']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_forloeb_deltagere') }}

    union all

    select
        'tryghedssurvey' as source_id,
        '' as dataset,
        _record_id as record_id,
        wave_on as occurred_on,
        area_id as area_ids,
        null as person_key,
        weight,
        {{ attributes(['tillid', 'faellesskab']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_tryghedssurvey') }}

)

select * from records
