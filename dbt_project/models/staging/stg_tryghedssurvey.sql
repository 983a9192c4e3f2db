with

{{ newest_version('tryghedssurvey', ['respondent', 'area']) }},

typed as (

    select
        _record_id,
        cast(_period_on as date) as wave_on,
        respondent,
        area as area_id,
        cast(weight as double) as weight,
        tillid,
        faellesskab,
        _file_id,
        _file_name,
        _delivered_on,
        _row_number
    from newest

)

select * from typed
