with

cells as (

    select
        'beboertal' as source_id,
        dataset,
        _record_id as record_id,
        area_id,
        year,
        value,
        {{ attributes(['measure']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_beboertal') }}

    union all

    select
        'statbank' as source_id,
        dataset,
        _record_id as record_id,
        area_id,
        year,
        value,
        {{ attributes(['frequency', 'income_type', 'education', 'unit', 'sex', 'age', 'ancestry']) }} as attributes,
        _file_id as file_id,
        _file_name as file_name,
        _delivered_on as delivered_on
    from {{ ref('stg_statbank') }}
    where area_id is not null

),

candidates as (

    select
        indicator.agreement_id,
        indicator.indicator_id,
        cells.*
    from {{ source('agreement', 'indicator') }} as indicator
    inner join cells
        on indicator.source_id = cells.source_id
        and indicator.dataset = cells.dataset
    where indicator.measure_kind = 'published_value'

),

failing as (

    select distinct
        candidates.indicator_id,
        candidates.agreement_id,
        candidates.record_id
    from candidates
    inner join {{ source('agreement', 'condition') }} as conditions
        on candidates.agreement_id = conditions.agreement_id
        and candidates.indicator_id = conditions.indicator_id
    where not {{ condition_holds('candidates.attributes[conditions.attribute]', 'conditions') }}

),

selected as (

    select
        candidates.agreement_id,
        candidates.indicator_id,
        candidates.area_id,
        candidates.year,
        candidates.value,
        candidates.record_id,
        candidates.source_id,
        candidates.file_id,
        candidates.file_name,
        candidates.delivered_on
    from candidates
    left join failing
        on candidates.agreement_id = failing.agreement_id
        and candidates.indicator_id = failing.indicator_id
        and candidates.record_id = failing.record_id
    where failing.record_id is null

)

select * from selected
